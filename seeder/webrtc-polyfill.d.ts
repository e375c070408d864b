declare module 'webrtc-polyfill' {
  /** The part of webrtc-polyfill 1.2.2 that we mend. */
  export class RTCPeerConnection extends EventTarget {
    readonly iceGatheringState: 'new' | 'gathering' | 'complete' | 'in-progress'
    onicecandidate: ((event: { readonly candidate: null }) => void) | null | undefined
    setLocalDescription(description: unknown): Promise<void>
  }
}
