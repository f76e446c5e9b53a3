using System.Runtime.CompilerServices;
using System.Text;

namespace Sluice.Redirect.Linux;

/// <summary>The name of a map or program as bpftool shows it: up to 15 letters, digits, '_' or '.', and a NUL.</summary>
[InlineArray(Size)]
internal struct BpfName
{
    private const int Size = 16;

    private byte _first;

    /// <summary>Throws where a name is too long or not ASCII; the kernel refuses other characters with EINVAL.</summary>
    internal static BpfName From(string name)
    {
        BpfName result = default;
        if (name.Length >= Size || !Ascii.IsValid(name))
            throw new ArgumentException($"'{name}' is longer than {Size - 1} characters or not ASCII", nameof(name));

        Encoding.ASCII.GetBytes(name, result);
        return result;
    }
}
