const families = ['--font', '--font-code'];
const weights = ['400', '500', '600', '650'];
const sizes = ['--size-small', '--size-body', '--size-name'];

/**
 * Finds the window's fonts as soon as it has nothing else to do. Each is asked of another process
 * when something is first written in it, and once something was dropped that one is busy.
 */
export function findFonts(): void {
  requestIdleCallback(() => {
    const sample = document.createElement('p');
    sample.className = 'unseen';
    sample.ariaHidden = 'true';
    for (const family of families) {
      for (const weight of weights) {
        for (const size of sizes) {
          const text = document.createElement('span');
          text.textContent = 'A1中';
          Object.assign(text.style, { fontFamily: `var(${family})`, fontWeight: weight, fontSize: `var(${size})` });
          sample.append(text);
        }
      }
    }
    document.body.append(sample);
    sample.getBoundingClientRect();
    sample.remove();
  });
}
