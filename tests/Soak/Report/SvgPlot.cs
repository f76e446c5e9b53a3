using System.Globalization;
using System.Xml.Linq;

namespace Sluice.Soak.Report;

/// <summary>A picture of a soak: a panel for each quantity, over time.</summary>
internal static class SvgPlot
{
    private const int Width = 800, Height = 90, Left = 180;
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static void Write(string file, IReadOnlyList<Sample> samples)
    {
        double end = Math.Max(1, samples.Count == 0 ? 1 : samples[^1].Seconds);
        var picture = new XElement(
            Svg + "svg", new XAttribute("width", Left + Width), new XAttribute("height", Quantity.All.Length * Height),
            new XAttribute("font-family", "sans-serif"), new XAttribute("font-size", 12));
        foreach ((Quantity quantity, int panel) in Quantity.All.Select((quantity, panel) => (quantity, panel)))
        {
            double most = Math.Max(1, samples.Select(quantity.Of).DefaultIfEmpty().Max());
            int bottom = ((panel + 1) * Height) - 10;
            IEnumerable<string> points = samples.Select(sample => string.Create(
                CultureInfo.InvariantCulture, $"{Left + (sample.Seconds / end * (Width - 10)):F1},{bottom - (quantity.Of(sample) / most * (Height - 20)):F1}"));
            picture.Add(
                new XElement(Svg + "text", new XAttribute("x", 5), new XAttribute("y", bottom - (Height / 2)), string.Create(CultureInfo.InvariantCulture, $"{quantity.Name}, up to {most:N0}")),
                new XElement(Svg + "line", new XAttribute("x1", Left), new XAttribute("x2", Left + Width), new XAttribute("y1", bottom), new XAttribute("y2", bottom), new XAttribute("stroke", "#999")),
                new XElement(Svg + "polyline", new XAttribute("points", string.Join(' ', points)), new XAttribute("fill", "none"), new XAttribute("stroke", "#06c")));
        }

        picture.Save(file);
    }
}
