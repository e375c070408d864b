export { answerStream, type StreamAnswer, type StreamRequest } from './answer-stream.ts'
export { parseRange, type RangeAnswer } from './range.ts'
export * from './stream-server.ts'
