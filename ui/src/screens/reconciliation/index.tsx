export function Screen() {
  return (
    <div className="page">
      <div className="head">
        <h1>Reconciliation</h1>
      </div>
    </div>
  );
}
