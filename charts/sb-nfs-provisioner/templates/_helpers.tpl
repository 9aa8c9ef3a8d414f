{{- define "sb-nfs-provisioner.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "sb-nfs-provisioner.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 47 | trimSuffix "-" }}
{{- else if contains $name .Release.Name }}
{{- .Release.Name | trunc 47 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 47 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "sb-nfs-provisioner.selectorLabels" -}}
app.kubernetes.io/name: {{ include "sb-nfs-provisioner.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "sb-nfs-provisioner.labels" -}}
{{ include "sb-nfs-provisioner.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "sb-nfs-provisioner.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "sb-nfs-provisioner.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "sb-nfs-provisioner.provisionerName" -}}
{{- default "nfs.smart-bear.eu/sb-managed-nfs" .Values.storageClass.provisionerName }}
{{- end }}

{{- define "sb-nfs-provisioner.reportsSecretName" -}}
{{- default (printf "%s-reports-tls" (include "sb-nfs-provisioner.fullname" .)) .Values.reports.tls.secretName }}
{{- end }}

{{/* Whether kubelet refuses the sysctl for low ports as unsafe, and policy/v1 may be missing: before Kubernetes 1.22 */}}
{{- define "sb-nfs-provisioner.isOld" -}}
{{- if semverCompare "<1.22.0-0" .Capabilities.KubeVersion.Version }}true{{ end }}
{{- end }}

{{- define "sb-nfs-provisioner.config" -}}
{{- $config := deepCopy .Values.config }}
{{- if and .Values.reports.enabled (not (hasKey $config "reports")) }}
{{- $directory := "/etc/sb-nfs-provisioner/tls" }}
{{- $tls := dict "certificateFile" (printf "%s/tls.crt" $directory) "keyFile" (printf "%s/tls.key" $directory) }}
{{- $_ := set $config "reports" (dict "tls" $tls) }}
{{- end }}
{{- if $config }}{{ toYaml $config }}{{ else }}# All settings come from the environment.{{ end }}
{{- end }}

{{- define "sb-nfs-provisioner.environment" -}}
{{- if .Values.nfs.server }}
NFS_SERVER: {{ .Values.nfs.server | quote }}
NFS_PATH: {{ .Values.nfs.path | quote }}
{{- end }}
{{- if .Values.storageClass.provisionerName }}
PROVISIONER_NAME: {{ .Values.storageClass.provisionerName | quote }}
{{- end }}
{{- if not .Values.leaderElection.enabled }}
ENABLE_LEADER_ELECTION: "false"
{{- end }}
{{- end }}
