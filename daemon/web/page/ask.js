// Asks the daemon this page came from, and nobody else.

const PATIENCE = 8000; // milliseconds

export async function ask(path) {
  const response = await fetch(path, { signal: AbortSignal.timeout(PATIENCE) });
  if (!response.ok) throw new Error((await response.text()).trim() || `status ${response.status}`);
  return response.json();
}
