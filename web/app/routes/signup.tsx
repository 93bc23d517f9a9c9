export default function Page() {
  return <main>signup</main>;
}
