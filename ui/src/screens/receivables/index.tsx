export function Screen() {
  return (
    <div className="page">
      <div className="head">
        <h1>Receivables</h1>
      </div>
    </div>
  );
}
