using System.Diagnostics.CodeAnalysis;
using System.Text;
using Sluice.ProxyHost.Configuration.Reviews;
using Sluice.ProxyHost.Configuration.Sections;
using Sluice.ProxyHost.Configuration.Yaml;
using YamlDotNet.RepresentationModel;

namespace Sluice.ProxyHost.Configuration;

/// <summary>
/// Reads a configuration from YAML. Every mistake is reported in one go, each with its place. Thread-safe; touches
/// nothing but the file and the environment.
/// </summary>
public static class ConfigReader
{
    private const int LongestFile = 16 * 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file, with variables from this process's environment. Never throws for what the file is or holds.</summary>
    public static ConfigReadResult Read(string path)
    {
        byte[] bytes;
        try
        {
            bytes = ReadBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return new ConfigReadResult(null, [], [], new SourceText(path, ""), Explain(path, e));
        }
        return Decode(bytes, path, out SourceText source, out int? damage)
            ? Read(source, Environment.GetEnvironmentVariable)
            : NotText(source, damage.Value, "this byte is not UTF-8", "save the file as UTF-8");
    }

    /// <summary>Reads a text that is already in memory.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="fileName">What diagnostics call it.</param>
    /// <param name="environment">The value of a variable, or null when it is unset.</param>
    public static ConfigReadResult Read(string text, string fileName, Func<string, string?> environment) =>
        Read(new SourceText(fileName, text), environment);

    private static ConfigReadResult Read(SourceText source, Func<string, string?> environment)
    {
        // The YAML scanner takes NUL for the end of the text and would not see what follows it.
        int nul = source.Text.IndexOf('\0', StringComparison.Ordinal);
        if (nul >= 0) return NotText(source, nul, "the text holds a NUL character", "save the file as plain text");

        var context = new ReadContext(source, environment);
        SluiceConfig? config = null;
        if (YamlLoader.TryLoad(source, context.Diagnostics, out YamlNode? root))
        {
            RootSection.Type.TryRead(new Cursor(context, root, ""), out config);
            ProgramReview.Run(context.Places);
            context.Resolve();
            if (!context.Diagnostics.HasErrors) AttachmentReview.Run(config!, context.Places);
        }
        return context.Diagnostics.HasErrors
            ? new ConfigReadResult(null, context.Diagnostics.Errors, [], source)
            : new ConfigReadResult(config! with { Source = source }, [], context.Diagnostics.Warnings, source);
    }

    private static byte[] ReadBytes(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var all = new MemoryStream();
        byte[] chunk = new byte[16 * 1024];
        for (int read; (read = stream.Read(chunk)) > 0;)
        {
            all.Write(chunk, 0, read);
            if (all.Length > LongestFile) throw new IOException($"it is longer than {LongestFile >> 20} MiB, which no configuration is");
        }
        return all.ToArray();
    }

    private static bool Decode(byte[] bytes, string path, out SourceText source, [NotNullWhen(false)] out int? damage)
    {
        ReadOnlySpan<byte> text = bytes;
        if (text.StartsWith(Encoding.UTF8.Preamble)) text = text[Encoding.UTF8.Preamble.Length..];
        damage = null;
        try
        {
            source = new SourceText(path, StrictUtf8.GetString(text));
        }
        catch (DecoderFallbackException e)
        {
            source = new SourceText(path, Encoding.UTF8.GetString(text));
            damage = Encoding.UTF8.GetCharCount(text[..Math.Max(0, e.Index)]);
        }
        return damage is null;
    }

    private static ConfigReadResult NotText(SourceText source, int index, string message, string suggestion)
    {
        (int line, int column) = source.Position(index);
        return new ConfigReadResult(null, [new(source.File, line, column, "", message, suggestion)], [], source);
    }

    private static string Explain(string path, Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => $"{path}: there is no such file (looked in {Environment.CurrentDirectory})",
        UnauthorizedAccessException when Directory.Exists(path) => $"{path}: this is a directory, not a configuration file",
        UnauthorizedAccessException => $"{path}: this user ({Environment.UserName}) may not read the file",
        _ => $"{path}: the file cannot be read: {e.Message}",
    };
}
