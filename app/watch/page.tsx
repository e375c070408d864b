import type { Metadata } from 'next'
import { WatchRoom } from '@/components/watch/watch-room.tsx'

export const metadata: Metadata = { title: 'Watch' }

export default function WatchPage() {
  return <WatchRoom />
}
