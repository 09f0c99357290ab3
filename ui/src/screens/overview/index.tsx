export function Screen() {
  return (
    <div className="page">
      <div className="head">
        <h1>Overview</h1>
      </div>
    </div>
  );
}
