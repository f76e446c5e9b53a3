using System.Text.Json.Serialization;

namespace TcpProxyConformance.Runs;

/// <summary>What came of a case.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Outcome>))]
internal enum Outcome
{
    /// <summary>What is required was seen.</summary>
    [JsonStringEnumMemberName("pass")]
    Pass,

    /// <summary>It was not.</summary>
    [JsonStringEnumMemberName("fail")]
    Fail,

    /// <summary>It was not, and the user knew.</summary>
    [JsonStringEnumMemberName("known")]
    Known,

    /// <summary>The case requires nothing.</summary>
    [JsonStringEnumMemberName("info")]
    Info,

    /// <summary>Without a proxy it does not hold here either, so it says nothing about one.</summary>
    [JsonStringEnumMemberName("n/a")]
    NotApplicable,
}
