export function Screen() {
  return (
    <div className="page">
      <div className="head">
        <h1>Connections &amp; mapping</h1>
      </div>
    </div>
  );
}
