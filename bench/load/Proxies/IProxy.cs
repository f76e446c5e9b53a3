namespace Sluice.Load.Proxies;

/// <summary>Something that can stand between client and server, or nothing at all.</summary>
internal interface IProxy
{
    /// <summary>As --only takes it and the report shows it.</summary>
    string Name { get; }

    /// <summary>Whether it differs from the plain program in what it does with long streams only.</summary>
    bool BulkOnly { get; }

    /// <summary>The program's version, or null when there is none.</summary>
    string? Version { get; }

    /// <summary>Where <see cref="Start"/>ed instances listen.</summary>
    ServicePorts Ports { get; }

    /// <summary>The admin endpoint that answers /readyz, where there is one.</summary>
    int? AdminPort { get; }

    /// <summary>Starts an instance in front of the servers; null for the direct connection. It need not listen yet.</summary>
    ChildProcess? Start();

    /// <summary>Begins what is to go on while an instance is measured, until it is disposed; null: nothing does.</summary>
    IDisposable? Disturb(ChildProcess process) => null;
}
