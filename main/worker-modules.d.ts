/** The path of a module that is built as a file of its own, for a worker thread to run. */
declare module '*?modulePath' {
  const path: string;
  export default path;
}
