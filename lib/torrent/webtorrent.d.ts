declare module 'webtorrent' {
  const WebTorrent: import('./webtorrent-types.ts').WebTorrentConstructor
  export default WebTorrent
}

declare module 'webtorrent/dist/webtorrent.min.js' {
  const WebTorrent: import('./webtorrent-types.ts').WebTorrentConstructor
  export default WebTorrent
}
