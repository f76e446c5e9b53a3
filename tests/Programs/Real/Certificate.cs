using Sluice.Programs.Processes;

namespace Sluice.Programs.Real;

/// <summary>A certificate that nobody but itself has signed.</summary>
/// <param name="File">The certificate.</param>
/// <param name="Key">Its private key.</param>
internal sealed record Certificate(string File, string Key)
{
    /// <summary>Makes one for a host's name.</summary>
    public static async Task<Certificate> CreateAsync(Scratch scratch, string host)
    {
        var certificate = new Certificate(scratch.File($"{host}.pem"), scratch.File($"{host}-key.pem"));
        await Child.RunAsync(Installed.Require("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-days", "2", "-subj", $"/CN={host}", "-addext", $"subjectAltName=DNS:{host}", "-keyout", certificate.Key, "-out", certificate.File);
        return certificate;
    }
}
