export default function HomePage() {
  return <main>Piecemeal</main>
}
