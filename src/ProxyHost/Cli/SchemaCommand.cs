using System.CommandLine;
using Sluice.ProxyHost.Configuration.Schema;

namespace Sluice.ProxyHost.Cli;

/// <summary><c>sluice schema</c>: the schema that fits this very binary, for editors and pipelines.</summary>
internal static class SchemaCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("schema", "Print the JSON Schema of configuration files, for editors and pipelines.");
        command.SetAction(_ => terminal.Output.Write(JsonSchema.Write()));
        return command;
    }
}
