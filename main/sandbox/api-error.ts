/** A refusal of API 3.0: becomes `Response.Error {Code, Message}` with HTTP status 200. */
export class ApiError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
  }
}
