using System.Runtime.InteropServices;
using Sluice.Redirect.Bpf;
using Sluice.Redirect.Linux;
using Sluice.Redirect.Maps;
using Sluice.Redirect.Maps.Kernel;
using Sluice.Redirect.Reactors;
using Sluice.Redirect.Splicing.Kernel;

namespace Sluice.Redirect.Splicing.Bypass;

/// <summary>
/// The kernel's side of one reactor's bypassed directions: the maps, the send program on the applications' sockets, and the promotion
/// program that puts sockets in. Sockets leave the maps as they are closed, or by <see cref="RemoveSender"/>.
/// </summary>
internal sealed class BypassMaps : IDisposable
{
    private readonly BpfMap _senders;
    private readonly BpfMap _sinks;
    private readonly BpfMap _storage;
    private readonly BpfMap _records;
    private readonly KernelProgram _promotion;
    private readonly KernelProgram? _unread;
    private readonly bool _ownsRecords;

    private BypassMaps(
        BpfMap senders, BpfMap sinks, BpfMap storage, BpfMap records, KernelProgram promotion, KernelProgram? unread, bool ownsRecords) =>
        (_senders, _sinks, _storage, _records, _promotion, _unread, _ownsRecords) = (senders, sinks, storage, records, promotion, unread, ownsRecords);

    /// <summary>For the records' memory to be mapped.</summary>
    internal BpfMap Records => _records;

    /// <summary>
    /// Makes maps and programs for so many directions. An errno, and where the verifier refused a program what it had to say in our own
    /// listing.
    /// </summary>
    /// <param name="fields">What the programs read of the kernel.</param>
    /// <param name="directions">How many there may be.</param>
    /// <param name="plan">What judges what is sent; null: nothing does.</param>
    /// <param name="records">Those of other maps for as many directions; null: it makes its own.</param>
    /// <param name="maps">The maps, or null on failure.</param>
    /// <param name="refusal">What the verifier said, or nothing.</param>
    internal static Errno TryCreate(
        BypassFields fields, uint directions, PlanInKernel? plan, BpfMap? records, out BypassMaps? maps, out string refusal)
    {
        (maps, refusal) = (null, "");
        Dictionary<string, BpfMap> made = [];
        KernelProgram? promotion = null, unread = null;
        Errno errno = Make(made, BypassMapNames.Senders, BpfMapType.SockHash, sizeof(ulong), sizeof(ulong), directions, 0);
        if (errno == Errno.None)
            errno = Make(made, BypassMapNames.Sinks, BpfMapType.SockHash, sizeof(ulong), sizeof(ulong), directions, 0);
        if (errno == Errno.None && records is null)
            errno = Make(made, BypassMapNames.Records, BpfMapType.Array, sizeof(uint), BypassRecord.Size, directions, BpfMapFlags.Mappable);
        if (errno == Errno.None && (errno = BpfMap.CreateSkStorage("sluice_bypass", SenderLayout.Size, out BpfMap? storage)) == Errno.None)
            made.Add(BypassMapNames.Storage.Name, storage!);
        try
        {
            if (errno == Errno.None)
                errno = AttachSend(fields, plan, With(made, records));
            if (errno == Errno.None)
                errno = KernelProgram.Load(PromotionProgram.Assemble(fields), BpfProgramType.SchedCls, 0, "sluice_promote", With(made, records), out promotion);
            // What rules judge never goes into a reader's own queue.
            if (errno == Errno.None && plan is null)
                errno = KernelProgram.Load(UnreadProgram.Assemble(fields), BpfProgramType.SchedCls, 0, "sluice_unread", made, out unread);
        }
        catch (VerifierException refused)
        {
            (errno, refusal) = (refused.Errno, refused.Message);
        }

        if (errno == Errno.None)
        {
            maps = new BypassMaps(
                made[BypassMapNames.Senders.Name], made[BypassMapNames.Sinks.Name], made[BypassMapNames.Storage.Name], records ?? made[BypassMapNames.Records.Name],
                promotion!, unread, ownsRecords: records is null);
            return Errno.None;
        }

        promotion?.Dispose();
        foreach (BpfMap map in made.Values)
            map.Dispose();
        return errno;
    }

    /// <summary>Puts one direction's sockets in. An errno of bpf(2); what became of it is in the result.</summary>
    internal Errno Promote(in PromotionRequest request, out PromotionResult result)
    {
        Span<byte> packet = stackalloc byte[PromotionProgram.HeaderSize + PromotionRequest.Size];
        packet[..PromotionProgram.HeaderSize].Clear();
        MemoryMarshal.Write(packet[PromotionProgram.HeaderSize..], request);
        Errno errno = _promotion.Program.TestRun(packet, out uint code);
        result = (PromotionResult)code;
        return errno;
    }

    /// <summary>Memory of what lies unread in a reader's own queue; 0: none, or there is no such reader.</summary>
    internal int Unread(StreamSocket sink)
    {
        var request = new UnreadRequest { Reader = sink.Tuple(isMirrored: true, out uint size), TupleSize = size };
        Span<byte> packet = stackalloc byte[PromotionProgram.HeaderSize + UnreadRequest.Size];
        packet[..PromotionProgram.HeaderSize].Clear();
        MemoryMarshal.Write(packet[PromotionProgram.HeaderSize..], request);
        return _unread!.Program.TestRun(packet, out uint memory) == Errno.None ? (int)memory : 0;
    }

    /// <summary>Takes a direction's sending socket out: it is then as it was before.</summary>
    internal void RemoveSender(ulong key) => _ = _senders.Delete(key);

    /// <summary>
    /// Takes the proxy's socket out. Only where nothing was ever redirected to it: a send on its way there would fail with EPIPE. It leaves by
    /// itself when it is closed.
    /// </summary>
    internal void RemoveSink(ulong key) => _ = _sinks.Delete(key);

    /// <summary>No application's socket is in.</summary>
    internal bool HasNoSender() => _senders.FirstKey<ulong>(out _) == Errno.ENOENT;

    /// <summary>No socket is in.</summary>
    internal bool IsEmpty() => HasNoSender() && _sinks.FirstKey<ulong>(out _) == Errno.ENOENT;

    public void Dispose()
    {
        _promotion.Dispose();
        _unread?.Dispose();
        _senders.Dispose();
        _sinks.Dispose();
        _storage.Dispose();
        if (_ownsRecords)
            _records.Dispose();
    }

    private static Dictionary<string, BpfMap> With(Dictionary<string, BpfMap> made, BpfMap? records) =>
        records is null ? made : new(made) { [BypassMapNames.Records.Name] = records };

    private static Errno Make(
        Dictionary<string, BpfMap> made, MapReference name, BpfMapType type, uint keySize, uint valueSize, uint entries, uint flags)
    {
        Errno errno = BpfMap.Create(type, $"sluice_{name.Name}", keySize, valueSize, entries, flags, out BpfMap? map);
        if (errno == Errno.None)
            made.Add(name.Name, map!);
        return errno;
    }

    private static Errno AttachSend(BypassFields fields, PlanInKernel? plan, Dictionary<string, BpfMap> made)
    {
        Dictionary<string, BpfMap> maps = new(plan is null ? made : made.Concat(plan.Maps));
        Errno errno = KernelProgram.Load(
            SendProgram.Assemble(fields, plan?.Plan), AttachType.SkMsgVerdict, "sluice_send", maps, out KernelProgram? program);
        using (program)
            return errno == Errno.None ? made[BypassMapNames.Senders.Name].Attach(program!.Program, (uint)AttachType.SkMsgVerdict) : errno;
    }
}
