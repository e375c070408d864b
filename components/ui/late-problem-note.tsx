import dynamic from 'next/dynamic'

/** `ProblemNote` for pages whose first paint has none: its code comes when something goes wrong. */
export const LateProblemNote = dynamic(
  () => import('./problem-note.tsx').then((module) => module.ProblemNote),
  {
    ssr: false,
  },
)
