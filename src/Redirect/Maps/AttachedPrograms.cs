using Sluice.Redirect.Verdicts;

namespace Sluice.Redirect.Maps;

/// <summary>
/// The programs of a map, or those a socket has inherited from its maps (struct sk_psock_progs). Immutable: a change is a
/// new value, so a reader on any thread sees a whole one.
/// </summary>
/// <param name="MsgParser">Judges what is sent through the socket.</param>
/// <param name="StreamParser">Frames what arrives.</param>
/// <param name="StreamVerdict">Judges what arrives, framed if there is a parser.</param>
/// <param name="SkbVerdict">Judges what arrives; never together with <paramref name="StreamVerdict"/>.</param>
public sealed record AttachedPrograms(
    IVerdictProgram? MsgParser,
    IStreamParser? StreamParser,
    IVerdictProgram? StreamVerdict,
    IVerdictProgram? SkbVerdict)
{
    /// <summary>No program at all.</summary>
    public static AttachedPrograms None { get; } = new(null, null, null, null);

    /// <summary>True when a socket that has these cannot take <paramref name="others"/> too: one parser and one verdict of each kind.</summary>
    internal bool ConflictWith(AttachedPrograms others) =>
        (MsgParser is not null && others.MsgParser is not null)
        || (StreamParser is not null && others.StreamParser is not null)
        || ((StreamVerdict ?? SkbVerdict) is not null && (others.StreamVerdict ?? others.SkbVerdict) is not null);

    /// <summary>Both, which must not conflict. Allocates only when both have a program.</summary>
    internal AttachedPrograms Join(AttachedPrograms others) =>
        this == None ? others : others == None ? this : new AttachedPrograms(
            MsgParser ?? others.MsgParser,
            StreamParser ?? others.StreamParser,
            StreamVerdict ?? others.StreamVerdict,
            SkbVerdict ?? others.SkbVerdict);

    /// <summary>
    /// What is left to a socket that leaves a map with <paramref name="others"/>: while a verdict runs on what arrives, a map that
    /// has a parser takes the parser along, and one that has a verdict the verdict, whichever map had brought them.
    /// </summary>
    internal AttachedPrograms Leave(AttachedPrograms others)
    {
        if (StreamVerdict is null && SkbVerdict is null)
            return this;

        bool verdict = others.StreamVerdict is not null || others.SkbVerdict is not null;
        return !verdict && others.StreamParser is null ? this : new AttachedPrograms(
            MsgParser,
            others.StreamParser is null ? StreamParser : null,
            verdict ? null : StreamVerdict,
            verdict ? null : SkbVerdict);
    }

    /// <summary>What is in a slot.</summary>
    internal object? this[AttachType slot] => slot switch
    {
        AttachType.SkMsgVerdict => MsgParser,
        AttachType.SkSkbStreamParser => StreamParser,
        AttachType.SkSkbStreamVerdict => StreamVerdict,
        _ => SkbVerdict,
    };

    /// <summary>The same with another program in one slot.</summary>
    internal AttachedPrograms With(AttachType slot, object? program) => slot switch
    {
        AttachType.SkMsgVerdict => this with { MsgParser = (IVerdictProgram?)program },
        AttachType.SkSkbStreamParser => this with { StreamParser = (IStreamParser?)program },
        AttachType.SkSkbStreamVerdict => this with { StreamVerdict = (IVerdictProgram?)program },
        _ => this with { SkbVerdict = (IVerdictProgram?)program },
    };
}
