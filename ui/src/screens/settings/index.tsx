export function Screen() {
  return (
    <div className="page">
      <div className="head">
        <h1>Settings</h1>
      </div>
    </div>
  );
}
