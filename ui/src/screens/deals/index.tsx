export function Screen() {
  return (
    <div className="page">
      <div className="head">
        <h1>Deals</h1>
      </div>
    </div>
  );
}
