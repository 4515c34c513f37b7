import { XMLParser, XMLValidator } from 'fast-xml-parser';
import * as v from 'valibot';
import { CosError } from './cos-error.ts';
import type { StatedPart } from './multipart-uploads.ts';

const MAX_PARTS = 10_000;

const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, isArray: (name) => name === 'Part' });

const document = v.object({
  CompleteMultipartUpload: v.object({
    Part: v.pipe(
      v.array(v.object({ PartNumber: v.pipe(v.string(), v.regex(/^\d{1,5}$/)), ETag: v.string() })),
      v.minLength(1),
      v.maxLength(MAX_PARTS),
    ),
  }),
});

/** The parts a Complete names, in its order; throws `MalformedXML`, or `InvalidPartOrder` where they do not ascend. */
export function readCompleteDocument(xml: string): StatedPart[] {
  const result = v.safeParse(document, XMLValidator.validate(xml) === true ? parse(xml) : null);
  if (!result.success) throw new CosError('MalformedXML');
  const parts = result.output.CompleteMultipartUpload.Part.map(({ PartNumber, ETag }) => ({
    number: Number(PartNumber),
    md5: ETag.replace(/^"(.*)"$/, '$1').toLowerCase(),
  }));
  if (parts.some((part, index) => part.number <= (parts[index - 1]?.number ?? 0))) throw new CosError('InvalidPartOrder');
  return parts;
}

function parse(xml: string): unknown {
  try {
    return parser.parse(xml);
  } catch {
    return null;
  }
}
