using Sluice.SockMapConformance.Model;

namespace Sluice.SockMapConformance.Behaviour;

/// <summary>The sk_msg part of the selftest matrix: names, programs on c1 and traffic.</summary>
internal static class MsgMatrix
{
    private static readonly ProgramSpec Pass = ProgramSpec.Pass;
    private static readonly ProgramSpec Egress = ProgramSpec.Redirect(End.C2);
    private static readonly ProgramSpec Ingress = ProgramSpec.Redirect(End.P2, ingress: true);

    public static IReadOnlyDictionary<string, (ProgramSpec Program, (int Count, int Size)[] Traffic)> Cases { get; } =
        new Dictionary<string, (ProgramSpec, (int, int)[])>
        {
            ["passthrough"] = (Pass, Traffic.All),
            ["redirect egress"] = (Egress, Traffic.All),
            ["redirect ingress"] = (Ingress, Traffic.All),
            ["apply 1"] = (Pass with { Apply = 1 }, Traffic.One),
            ["apply 1024"] = (Pass with { Apply = 1024 }, Traffic.Large),
            ["apply 1 + redirect"] = (Egress with { Apply = 1 }, Traffic.One),
            ["apply 1024 + redirect"] = (Egress with { Apply = 1024 }, Traffic.Large),
            ["apply 1 + redirect ingress"] = (Ingress with { Apply = 1 }, Traffic.One),
            ["apply 1024 + redirect ingress"] = (Ingress with { Apply = 1024 }, Traffic.Large),
            ["cork 1"] = (Pass with { Cork = 1 }, Traffic.All),
            ["cork 1 + apply 1"] = (Pass with { Cork = 1, Apply = 1 }, Traffic.All),
            ["hanging cork 4097 + pass + apply"] = (Pass with { Cork = 4097, Apply = 4097 }, Traffic.Large),
            ["hanging cork 4097 + redirect"] = (Egress with { Cork = 4097 }, Traffic.Large),
            ["hanging cork 4097 + redirect + apply"] = (Egress with { Cork = 4097, Apply = 4097 }, Traffic.Large),
            ["hanging cork 4097, never reached"] = (Pass with { Cork = 4097 }, [.. Traffic.One, .. Traffic.Many]),
            ["push (1,1)"] = (Pass with { Push = (1, 1) }, Traffic.All),
            ["push (4096,4096)"] = (Pass with { Push = (4096, 4096) }, Traffic.Large),
            ["push (1,2) + redirect"] = (Egress with { Push = (1, 2) }, Traffic.All),
            ["push (1,2) + cork 512"] = (Pass with { Push = (1, 2), Cork = 512 }, Traffic.One),
            ["push (1,2) + redirect + cork 512"] = (Egress with { Push = (1, 2), Cork = 512 }, Traffic.Many),
            ["pull (1,2)"] = (Pass with { Pull = (1, 2) }, Traffic.All),
            ["pull (4096,9182)"] = (Pass with { Pull = (4096, 9182) }, Traffic.Large),
            ["pull (1,2) + redirect"] = (Egress with { Pull = (1, 2) }, Traffic.All),
            ["pull (1,2) + cork 512"] = (Pass with { Pull = (1, 2), Cork = 512 }, Traffic.All),
            ["pull (1,2) + redirect + cork 512"] = (Egress with { Pull = (1, 2), Cork = 512 }, Traffic.All),
            ["pop (1,2)"] = (Pass with { Pop = (1, 2) }, Traffic.Many),
            ["pop (4096,4096)"] = (Pass with { Pop = (4096, 4096) }, Traffic.Large),
            ["pop (1,2) + redirect"] = (Egress with { Pop = (1, 2) }, Traffic.Many),
            ["pop (1,2) + cork 512"] = (Pass with { Pop = (1, 2), Cork = 512 }, Traffic.Many),
            ["pop (1,2) + redirect + cork 4"] = (Egress with { Pop = (1, 2), Cork = 4 }, Traffic.Many),
            ["push (1,10), pop (5,4)"] = (Edit((1, 10), (5, 4)), Traffic.Large),
            ["push (1,10), pop (5,16)"] = (Edit((1, 10), (5, 16)), Traffic.Large),
            ["push (5,4), pop (1,10)"] = (Edit((5, 4), (1, 10)), Traffic.Large),
            ["push (5,16), pop (1,10)"] = (Edit((5, 16), (1, 10)), Traffic.Large),
            ["push (1,10), pop (16,4)"] = (Edit((1, 10), (16, 4)), Traffic.Large),
            ["push (16,10), pop (5,4)"] = (Edit((16, 10), (5, 4)), Traffic.Large),
        };

    /// <summary>Every case with each of its messages.</summary>
    public static TheoryData<string, int, int> Rows
    {
        get
        {
            var rows = new TheoryData<string, int, int>();
            foreach ((string name, (_, (int Count, int Size)[] traffic)) in Cases)
            {
                foreach ((int count, int size) in traffic)
                    rows.Add(name, count, size);
            }

            return rows;
        }
    }

    private static ProgramSpec Edit((int Start, int Count) push, (int Start, int Count) pop) => Pass with { Push = push, Pop = pop };
}
