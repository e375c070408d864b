const STEPS = [
  {
    title: 'Open',
    words:
      'Paste a magnet link. Peers send you pieces straight from their browsers; each is checked before it plays.',
  },
  {
    title: 'Pay for speed, if you like',
    words:
      'Set a budget once. Each piece that arrives intact earns its seeder a little BTT. Stop at any time; the rest is yours.',
  },
  {
    title: 'Settle',
    words: 'One transaction pays up to 16 seeders and refunds what is left. Every figure has its receipt.',
  },
] as const

/** Three steps, for who reads on. */
export function HowItWorks() {
  return (
    <section aria-labelledby="how">
      <h2 id="how" className="text-2xl font-bold">
        How it works
      </h2>
      <ol className="mt-6 grid gap-8 md:grid-cols-3">
        {STEPS.map(({ title, words }, index) => (
          <li key={title} className="border-t-2 border-ink pt-4">
            <p className="flex items-center gap-2 font-semibold">
              <span aria-hidden className="flex gap-1">
                {STEPS.map((step, place) => (
                  <span
                    key={step.title}
                    className={`size-2.5 rounded-[2px] ${place <= index ? 'bg-pay-solid' : 'bg-line'}`}
                  />
                ))}
              </span>
              {title}
            </p>
            <p className="mt-2 max-w-sm text-muted">{words}</p>
          </li>
        ))}
      </ol>
    </section>
  )
}
