// The build of MapLibre that needs no script out of strings has no types of its own.
declare module 'maplibre-gl/dist/maplibre-gl-csp' {
  export * from 'maplibre-gl';
}
declare module 'maplibre-gl/dist/maplibre-gl-csp-worker?url' {
  const url: string;
  export default url;
}
