/** Test torrents of WebTorrent's own suite; "corrupt", whose bytes no client takes, has no parsed form. */
declare module 'webtorrent-fixtures' {
  export interface Fixture {
    readonly contentPath?: string
    readonly torrentPath: string
    readonly torrent: Uint8Array
    readonly parsedTorrent?: {
      readonly infoHash: string
      readonly name: string
      readonly files: readonly { readonly path: string; readonly length: number }[]
    }
  }
  const fixtures: Readonly<Record<string, Fixture>>
  export default fixtures
}
