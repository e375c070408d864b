declare module 'webtorrent' {
  const WebTorrent: import('./types.ts').WebTorrentConstructor
  export default WebTorrent
}

declare module 'webtorrent/dist/webtorrent.min.js' {
  const WebTorrent: import('./types.ts').WebTorrentConstructor
  export default WebTorrent
}
