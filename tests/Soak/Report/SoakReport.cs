using Sluice.Soak.Load;

namespace Sluice.Soak.Report;

/// <summary>What is printed at the end.</summary>
internal static class SoakReport
{
    private const string Bars = "▁▂▃▄▅▆▇█";
    private const int Width = 60;

    public static void Write(IReadOnlyList<Sample> samples, SoakLoad load, string[] faults)
    {
        Console.WriteLine();
        foreach (Quantity quantity in Quantity.All)
        {
            double[] values = [.. samples.Select(quantity.Of)];
            Console.WriteLine($"{quantity.Name,24}  {Line(values)}  {values.Min():N0} to {values.Max():N0}");
        }

        Console.WriteLine($"\n{load}");
        Console.WriteLine(faults.Length == 0 ? "Nothing grew, and no byte was wrong." : string.Join('\n', faults.Select(fault => $"FAULT: {fault}")));
    }

    // The largest of what falls into each column.
    private static string Line(double[] values)
    {
        double most = Math.Max(1, values.Max());
        int columns = Math.Min(Width, values.Length);
        return string.Concat(Enumerable.Range(0, columns).Select(column =>
        {
            int from = column * values.Length / columns, to = (column + 1) * values.Length / columns;
            return Bars[(int)(values[from..to].Max() / most * (Bars.Length - 1))];
        }));
    }
}
