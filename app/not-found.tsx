import Link from 'next/link'
import { buttonClass } from '@/components/ui/button.tsx'

export default function NotFoundPage() {
  return (
    <div className="page-width py-24">
      <p className="eyebrow">404</p>
      <h1 className="mt-2 text-3xl font-bold">This piece is missing.</h1>
      <p className="mt-2 mb-6 max-w-lg text-muted">
        There is no page at this address. Torrents live at /watch/# followed by their info-hash. No money was
        involved.
      </p>
      <Link href="/" className={buttonClass('primary')}>
        Go to the front page
      </Link>
    </div>
  )
}
