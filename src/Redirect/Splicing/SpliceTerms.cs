namespace Sluice.Redirect.Splicing;

/// <summary>What many spliced connections have in common, as one object for all of them. Immutable; what is in it is safe from any thread.</summary>
/// <param name="Limits">Time limits.</param>
/// <param name="Meter">Where delivered bytes are counted besides the connection itself.</param>
/// <param name="Maps">The maps the sockets lie in; null: none, and no program judges them.</param>
/// <param name="Bandwidth">How fast bytes may come; null: as fast as they do. Splicers other than the reactor's do not heed it.</param>
public record SpliceTerms(SpliceLimits Limits, ByteMeter Meter, SpliceMaps? Maps = null, Bandwidth? Bandwidth = null);
