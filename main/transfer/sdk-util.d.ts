/** The COS SDK has no types for its inner modules. */
declare module 'cos-nodejs-sdk-v5/sdk/util.js' {
  const util: unknown;
  export default util;
}
