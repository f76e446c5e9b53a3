using Xunit.Sdk;
using Xunit.v3;

// The programs share two cores and the machine's ports; and the mass test needs all descriptors a process may have.
[assembly: Parallelization(Mode = ParallelMode.None)]
