/** Failures in java-tron's words. `code` is a `Return.response_code` name, spelled as java-tron spells it. */
import { AppError } from '../lib/base/index.ts'

export type ResponseCode =
  | 'SIGERROR'
  | 'CONTRACT_VALIDATE_ERROR'
  | 'CONTRACT_EXE_ERROR'
  | 'BANDWITH_ERROR'
  | 'DUP_TRANSACTION_ERROR'
  | 'TAPOS_ERROR'
  | 'TOO_BIG_TRANSACTION_ERROR'
  | 'TRANSACTION_EXPIRATION_ERROR'
  | 'OTHER_ERROR'

/** The chain refuses a transaction or a call: nothing changed. */
export class DevnetRefusal extends AppError {
  override readonly name = 'DevnetRefusal'
  declare readonly code: ResponseCode
  constructor(code: ResponseCode, message: string, options?: ErrorOptions) {
    super(code, message, options)
  }
}

/** A request that cannot be read; the HTTP layer answers `{Error}`. */
export class BadRequest extends AppError {
  override readonly name = 'BadRequest'
  readonly httpStatus: number
  /** The exception that java-tron names in its answer. */
  readonly javaClass: string
  /** True when the rest of the request was not read: the connection is of no more use. */
  readonly isCutShort: boolean
  constructor(
    message: string,
    httpStatus = 200,
    options?: ErrorOptions & { readonly javaClass?: string; readonly isCutShort?: boolean },
  ) {
    super('bad-request', message, options)
    this.isCutShort = options?.isCutShort ?? false
    this.httpStatus = httpStatus
    this.javaClass = options?.javaClass ?? 'org.tron.core.services.http.JsonFormat$ParseException'
  }
}

/** An answer of one `Error` without a class before it, as some endpoints give. */
export class PlainError extends AppError {
  override readonly name = 'PlainError'
  constructor(message: string) {
    super('plain', message)
  }
}

export function refuseContract(message: string): DevnetRefusal {
  return new DevnetRefusal('CONTRACT_VALIDATE_ERROR', `Contract validate error : ${message}`)
}
