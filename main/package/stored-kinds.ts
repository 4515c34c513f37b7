import { extname } from 'node:path';

/** Already compressed: deflating these again costs time and gains nothing. */
const compressedSuffixes = new Set(
  (
    '.zip .7z .rar .gz .tgz .bz2 .tbz2 .xz .txz .zst .lz4 .br .cab ' +
    '.apk .aab .ipa .jar .aar .war .xapk .obb .msix .appx .nupkg .whl .vsix ' +
    '.png .jpg .jpeg .gif .webp .avif .heic .jxl ' +
    '.mp3 .m4a .aac .ogg .oga .opus .flac .wma .mp4 .m4v .mov .mkv .webm .wmv .avi ' +
    '.woff .woff2 .docx .xlsx .pptx .epub'
  ).split(' '),
);

/** Told by the name alone, so that the same folder is always packed the same way. */
export function isStored(name: string): boolean {
  return compressedSuffixes.has(extname(name).toLowerCase());
}
