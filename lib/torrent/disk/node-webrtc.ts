/**
 * Node only. webrtc-polyfill never fires the null candidate that ends gathering, so each offer waits out simple-peer's
 * 5 s. This fires it when gathering completes.
 */
import type { WebTorrentConstructor } from '../webtorrent/types.ts'

interface PolyfilledConnection {
  readonly iceGatheringState: string
  onicecandidate: ((event: { readonly candidate: null }) => void) | null
  addEventListener(event: string, listener: () => void): void
  removeEventListener(event: string, listener: () => void): void
  setLocalDescription(description?: unknown): Promise<void>
}
interface ConnectionClass {
  readonly prototype: PolyfilledConnection
}

const patched = new WeakSet<ConnectionClass>()

/** `RTCPeerConnection` of webrtc-polyfill. Patches its prototype once. */
function patchNodeWebRtc(RTCPeerConnection: ConnectionClass): void {
  if (patched.has(RTCPeerConnection)) return
  patched.add(RTCPeerConnection)
  const { prototype } = RTCPeerConnection
  const original = prototype.setLocalDescription
  prototype.setLocalDescription = async function setLocalDescription(
    this: PolyfilledConnection,
    description,
  ) {
    await original.call(this, description)
    const announce = (): boolean => {
      if (this.iceGatheringState !== 'complete') return false
      this.onicecandidate?.({ candidate: null })
      return true
    }
    if (announce()) return
    const onChange = (): void => {
      if (announce()) this.removeEventListener('icegatheringstatechange', onChange)
    }
    this.addEventListener('icegatheringstatechange', onChange)
  }
}

/** Webtorrent, with WebRTC patched as above. */
export async function loadNodeWebTorrent(): Promise<{ readonly default: WebTorrentConstructor }> {
  const { RTCPeerConnection } = await import('webrtc-polyfill')
  patchNodeWebRtc(RTCPeerConnection as unknown as ConnectionClass)
  return import('webtorrent')
}
