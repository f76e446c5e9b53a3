namespace Sluice.ProxyHost.Configuration.Yaml;

/// <summary>What all cursors of one reading share. One thread.</summary>
internal sealed class ReadContext
{
    public ReadContext(SourceText source, Func<string, string?> environment)
    {
        Source = source;
        Environment = environment;
        Diagnostics = new Diagnostics(source);
        Names = new NameTable();
        Addresses = new AddressTable();
        Places = new PlaceTable();
    }

    public SourceText Source { get; }

    public Func<string, string?> Environment { get; }

    public Diagnostics Diagnostics { get; }

    /// <summary>Names that were declared and names that were used; checked against each other at the end.</summary>
    public NameTable Names { get; }

    /// <summary>Addresses that will be bound.</summary>
    public AddressTable Addresses { get; }

    /// <summary>Where programs and their conditions stand.</summary>
    public PlaceTable Places { get; }

    /// <summary>
    /// Checks what spans the document. It works on what could be read, so that a mistake in one key does not hide a
    /// dangling reference in another.
    /// </summary>
    public void Resolve()
    {
        Names.Resolve();
        Addresses.Resolve();
        if (!Diagnostics.HasErrors) Names.WarnOfUnused();
    }
}
