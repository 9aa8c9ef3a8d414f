#include "CSimulation.h"

#define SWIFTCALL __attribute__((swiftcall))

// From Swift's runtime, libswift_Concurrency.
typedef SWIFTCALL void (*enqueue_original)(void *job);
extern SWIFTCALL void (*swift_task_enqueueGlobal_hook)(void *job, enqueue_original original);
extern SWIFTCALL void swift_job_run(void *job, void *identity, void *implementation);

static _Thread_local simulation_take_job take_job;
static _Thread_local void *take_context;

static SWIFTCALL void enqueue(void *job, enqueue_original original) {
    if (take_job) {
        take_job(take_context, job);
    } else {
        original(job);
    }
}

void simulation_capture_jobs(simulation_take_job take, void *context) {
    // Every thread stores the same.
    __atomic_store_n(&swift_task_enqueueGlobal_hook, enqueue, __ATOMIC_RELAXED);
    take_job = take;
    take_context = context;
}

void simulation_run_job(void *job) { swift_job_run(job, 0, 0); }
