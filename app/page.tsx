import { DemoCard } from '@/components/home/demo-card.tsx'
import { HowItWorks } from '@/components/home/how-it-works.tsx'
import { OpenTorrent } from '@/components/home/open-torrent.tsx'
import { TorrentList } from '@/components/torrents/torrent-list.tsx'

export default function HomePage() {
  return (
    <div className="page-width space-y-16 py-8 sm:py-14 lg:space-y-24">
      <section className="grid grid-cols-1 items-center gap-10 lg:grid-cols-[1.05fr_1fr] lg:gap-16">
        <div>
          <h1 className="max-w-2xl text-[2.25rem] leading-[1.08] font-bold tracking-[-0.03em] sm:text-5xl xl:text-6xl">
            Watch a torrent as it arrives. <span className="text-pay">Pay its seeders, piece by piece.</span>
          </h1>
          <p className="mt-4 max-w-xl text-lg text-muted">
            Free to watch, in this page. Pay a little BTT for speed, and only for pieces that arrived intact.
          </p>
          <OpenTorrent />
        </div>
        <DemoCard />
      </section>
      <TorrentList />
      <HowItWorks />
    </div>
  )
}
