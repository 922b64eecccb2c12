/**
 * Keeps something for each application. Where API keys are not checked a client may invent them, so
 * that only the latest thousand applications are remembered.
 */
export function perApplication<Kept>(make: () => Kept): (application: string) => Kept {
  const known = new Map<string, Kept>();
  return (application) => {
    const kept = known.get(application) ?? make();
    known.delete(application);
    known.set(application, kept);
    if (known.size > 1000) known.delete(known.keys().next().value!);
    return kept;
  };
}
