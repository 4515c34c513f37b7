import fc from 'fast-check';
import { requestNames } from '../../preload/contract.ts';

/** Whatever structured clone can carry: what a page gone bad may send in place of arguments. */
export const clonableValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.anything({
    withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true, withSparseArray: true,
    withNullPrototype: false, withObjectString: true, maxDepth: 3,
  }),
  fc.constantFrom<unknown>(
    '/etc/passwd', 'file:///etc/passwd', '\0', '\u202egpj.exe', '__proto__', 'sandbox', 'x'.repeat(100_001),
    Object.fromEntries([['__proto__', { admin: true }]]), new Date(Number.NaN), new Error('x'), /x/g, new ArrayBuffer(8), -0, Number.NaN, Infinity,
  ),
);

const text = fc.oneof(fc.string({ maxLength: 30 }), fc.constantFrom('', 'sandbox', '../..', '__proto__', 'x.evil.com#', 'http://127.0.0.1:9'));
const nullable = fc.option(text);

/** Arguments with the shape of the contract's and any content: they get past the parsing, or almost. */
export const shapedArguments: fc.Arbitrary<unknown[]> = fc.oneof(
  fc.tuple(text), fc.tuple(fc.array(text, { maxLength: 5 })), fc.tuple(fc.array(text, { maxLength: 5 }), nullable), fc.tuple(text, nullable),
  fc.tuple(fc.record({ service: fc.constantFrom('ms', 'car', 'x'), applicationId: text, cosRegion: text, durationSeconds: fc.oneof(fc.double(), fc.constant(null)) })),
  fc.tuple(fc.record({ label: text, site: fc.constantFrom('china', 'international'), secretId: text, secretKey: text, apiEndpoint: nullable, cosDomain: nullable, sessionOnly: fc.boolean() })),
  fc.tuple(fc.record({ languageChoice: fc.constantFrom('en', 'zh-CN', 'system', 'xx') }, { requiredKeys: [] })),
  fc.tuple(fc.record({ parallelUploads: fc.integer(), partsInFlight: fc.integer(), bytesPerSecond: fc.oneof(fc.double(), fc.constant(null)), timetable: fc.array(clonableValue, { maxLength: 2 }), resumesAtStart: fc.boolean() })),
);

/** A request by name, with arguments of either kind. */
export const anyRequest = fc.tuple(fc.constantFrom(...requestNames), fc.oneof(fc.array(clonableValue, { maxLength: 3 }), shapedArguments));
