export function Screen() {
  return (
    <div className="page">
      <div className="head">
        <h1>Tieout</h1>
      </div>
    </div>
  );
}
