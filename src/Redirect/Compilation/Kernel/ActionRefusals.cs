using Sluice.Redirect.Rules;

namespace Sluice.Redirect.Compilation.Kernel;

/// <summary>Which actions the kernel cannot carry out.</summary>
internal static class ActionRefusals
{
    /// <summary>Why an action stays in the managed engine; null when the kernel carries it out.</summary>
    internal static string? Find(RuleAction action, BpfProgramKind kind) => action.Verdict switch
    {
        RuleVerdict.Reset => "no program of the kernel resets a connection",
        RuleVerdict.Redirect => "the connection to another cluster is made and kept by the managed engine",
        RuleVerdict.Drop => kind == BpfProgramKind.SkMsg ? "the kernel lets a socket send nothing more after one drop" : null,
        _ => action.Push is { Bytes.IsEmpty: false } || action.Pop is { Count: > 0 } ? "the kernel's program inserts and removes nothing" : null,
    };
}
