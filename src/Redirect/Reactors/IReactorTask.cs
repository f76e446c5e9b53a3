namespace Sluice.Redirect.Reactors;

/// <summary>Work that goes on in the reactor's next turn, after the others have had theirs.</summary>
internal interface IReactorTask
{
    void Run();
}
