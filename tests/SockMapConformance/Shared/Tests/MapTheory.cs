using Sluice.Redirect.Maps;
using Sluice.SockMapConformance.Engine;

namespace Sluice.SockMapConformance.Tests;

/// <summary>The cases that most tests run over.</summary>
internal static class MapTheory
{
    public static TheoryData<MapKind> Kinds => [MapKind.SockMap, MapKind.SockHash];

    public static TheoryData<MapKind, AttachType> KindsAndSlots
    {
        get
        {
            var data = new TheoryData<MapKind, AttachType>();
            foreach (MapKind kind in new[] { MapKind.SockMap, MapKind.SockHash })
            {
                foreach (AttachType slot in Enum.GetValues<AttachType>())
                    data.Add(kind, slot);
            }

            return data;
        }
    }
}
