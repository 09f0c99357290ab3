export function Screen() {
  return (
    <div className="page">
      <div className="head">
        <h1>Activity</h1>
      </div>
    </div>
  );
}
