#pragma once

// What the headers of libnfs need and do not include themselves, and what Swift's Glibc module lacks.
#include <stdint.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <utime.h>

#include <nfsc/libnfs.h>
#include <nfsc/libnfs-raw.h>
#include <nfsc/libnfs-raw-mount.h>
#include <nfsc/libnfs-raw-nfs.h>
#include <nfsc/libnfs-raw-portmap.h>

// One name and one shape per raw call for every libnfs: 4 and 5 queue a call with X_async and return an int, 6 and
// later with X_task and return a PDU. Here 0 means that the callback will come, anything else that it will not.
#ifdef LIBNFS_API_V2
#define NSP_QUEUED(call, ...) (rpc_##call##_task(__VA_ARGS__) ? 0 : -1)
#else
#define NSP_QUEUED(call, ...) rpc_##call##_async(__VA_ARGS__)
#endif

#define NSP_NFS3(name, NAME)                                                                       \
    static inline int nsp_nfs3_##name(struct rpc_context *rpc, rpc_cb callback,                    \
                                      struct NAME##3args *arguments, void *opaque) {               \
        return NSP_QUEUED(nfs3_##name, rpc, callback, arguments, opaque);                          \
    }

NSP_NFS3(getattr, GETATTR)
NSP_NFS3(setattr, SETATTR)
NSP_NFS3(lookup, LOOKUP)
NSP_NFS3(readlink, READLINK)
NSP_NFS3(write, WRITE)
NSP_NFS3(create, CREATE)
NSP_NFS3(mkdir, MKDIR)
NSP_NFS3(symlink, SYMLINK)
NSP_NFS3(mknod, MKNOD)
NSP_NFS3(remove, REMOVE)
NSP_NFS3(rmdir, RMDIR)
NSP_NFS3(rename, RENAME)
NSP_NFS3(link, LINK)
NSP_NFS3(readdir, READDIR)
NSP_NFS3(readdirplus, READDIRPLUS)
NSP_NFS3(fsstat, FSSTAT)
NSP_NFS3(commit, COMMIT)

// READ: 6 and later put the data into the caller's buffer, which must live until the callback; 4 and 5 into the reply.
struct nsp_read {
    struct READ3args arguments;
    char *buffer;
};

static inline int nsp_nfs3_read(struct rpc_context *rpc, rpc_cb callback, struct nsp_read *read, void *opaque) {
#ifdef LIBNFS_API_V2
    return rpc_nfs3_read_task(rpc, callback, read->buffer, read->arguments.count, &read->arguments, opaque) ? 0 : -1;
#else
    return rpc_nfs3_read_async(rpc, callback, &read->arguments, opaque);
#endif
}

// Where a READ's data are, and how many bytes at most.
static inline const char *nsp_read_bytes(const struct READ3resok *reply, const char *buffer) {
#ifdef LIBNFS_API_V2
    (void)reply;
    return buffer;
#else
    (void)buffer;
    return reply->data.data_val;
#endif
}

static inline uint32_t nsp_read_length(const struct READ3resok *reply) {
#ifdef LIBNFS_API_V2
    return reply->count;
#else
    return reply->count < reply->data.data_len ? reply->count : reply->data.data_len;
#endif
}

static inline int nsp_mount3_mnt(struct rpc_context *rpc, rpc_cb callback, char **path, void *opaque) {
    return NSP_QUEUED(mount3_mnt, rpc, callback, *path, opaque);
}

// The procedures without arguments: of what would be their memory nothing is read.
#define NSP_PLAIN(name)                                                                            \
    static inline int nsp_##name(struct rpc_context *rpc, rpc_cb callback, int *nothing, void *opaque) { \
        (void)nothing;                                                                             \
        return NSP_QUEUED(name, rpc, callback, opaque);                                            \
    }

NSP_PLAIN(nfs3_null)
NSP_PLAIN(nfs4_null)
NSP_PLAIN(mount3_null)
NSP_PLAIN(mount3_export)

static inline int nsp_pmap2_getport(struct rpc_context *rpc, rpc_cb callback, struct pmap2_mapping *wanted, void *opaque) {
    return NSP_QUEUED(pmap2_getport, rpc, (int)wanted->prog, (int)wanted->vers, (int)wanted->prot, callback, opaque);
}

static inline int nsp_pmap3_getaddr(struct rpc_context *rpc, rpc_cb callback, struct pmap3_mapping *wanted, void *opaque) {
    return NSP_QUEUED(pmap3_getaddr, rpc, wanted, callback, opaque);
}

// No reconnect and no resending of libnfs' own: it spins against a dead server and can corrupt the stream. No timeout
// of its own either: it may drop half-sent records.
static inline void nsp_configure(struct nfs_context *nfs) {
    nfs_set_autoreconnect(nfs, 0);
    nfs_set_timeout(nfs, -1);
#ifdef LIBNFS_API_V2
    nfs_set_retrans(nfs, 0);
#endif
}
