export function Screen() {
  return (
    <div className="page">
      <div className="head">
        <h1>Workpapers</h1>
      </div>
    </div>
  );
}
