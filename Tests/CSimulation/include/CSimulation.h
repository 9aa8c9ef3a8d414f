#ifndef CSIMULATION_H
#define CSIMULATION_H

/// Takes a job of Swift's concurrency runtime.
typedef void (*simulation_take_job)(void *_Nullable context, void *_Nonnull job);

/// Hands over all jobs that the calling thread queues on the global executor from now on, such as those of
/// `Task { … }`, in the place of the runtime; NULL leaves them to it again. The runtime has one hook a process for this,
/// which is set for good; other threads do not notice.
void simulation_capture_jobs(simulation_take_job _Nullable take, void *_Nullable context);

/// Runs a job that was captured, as the global executor would.
void simulation_run_job(void *_Nonnull job);

#endif
