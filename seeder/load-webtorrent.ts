/**
 * WebTorrent in Node with its WebRTC mended: webrtc-polyfill 1.2.2 never reports the end of gathering by a null candidate,
 * so that each offer and answer would wait 5 s, and meanwhile duplicate connections destroy each other.
 */
import { RTCPeerConnection } from 'webrtc-polyfill'

let isMended = false

function mendGathering(): void {
  if (isMended) return
  isMended = true
  const { setLocalDescription } = RTCPeerConnection.prototype
  RTCPeerConnection.prototype.setLocalDescription = async function (this: RTCPeerConnection, description) {
    const report = (): void => {
      if (this.iceGatheringState !== 'complete') return
      this.removeEventListener('icegatheringstatechange', report)
      this.onicecandidate?.({ candidate: null })
    }
    this.addEventListener('icegatheringstatechange', report)
    await setLocalDescription.call(this, description)
    report()
  }
}

/** For `createEngine`'s `loadWebTorrent`. */
export async function loadWebTorrent() {
  mendGathering()
  return import('webtorrent')
}
