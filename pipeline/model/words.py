"""What the codes of our own are called in Chinese: statuses, severities, tiers, reasons, verdicts."""

from __future__ import annotations

from pipeline.model.findings import Severity, Status

FIELD = "f_"  # what a programme's field is called as a column of a declared table

STATUS_WORDS = {
    Status.ACCEPTED: "已收",
    Status.ACCEPTED_WITH_NOTES: "已收，有待核实",
    Status.RETURNED: "部分退回",
    Status.SUPERSEDED: "已被新报表替代",
    Status.UNREADABLE: "打不开",
    Status.NOT_A_RETURN: "不是报表",
    Status.TASK_TABLE: "任务分解表",
    Status.JUDGEMENTS: "裁定表",
    Status.INSPECTIONS: "检查结果",
    Status.SAME_CONTENT: "内容重复",
}
SEVERITY_WORDS = {
    Severity.ERROR: "退回",
    Severity.WARNING: "核实",
    Severity.INFO: "告知",
    Severity.SHADOW: "试行",
}
# by the letter a rule's code begins with
TIER_WORDS = {
    "F": "文件", "S": "表", "C": "单元格", "R": "行", "U": "单位之间", "T": "各期之间",
}  # fmt: skip
# why one of several claimants keeps the count: the words of [trust] in a programme
REASON_WORDS = {
    "judgement": "裁定",
    "residence": "户籍地",
    "start": "开始时间较早",
    "code": "单位代码在前",
}
# a clerk's decision on two numbers that may be one person
VERDICT_WORDS = {"same": "同一人", "different": "不同人", "open": "待核实"}
# what an inspection found of a person, and the header of the column that says it, by the way it was made
INSPECTION_VERDICTS = {"sound": "属实", "unsound": "不属实", "open": "待核实"}
NOT_ASKED = "不适用"  # of a paper archive that a kind of roster has none of
INSPECTION_WAYS = {"phone": "电话核查结论", "on_site": "现场检查结论"}
# the steps of the bridge (差异桥), in its order
STEP_WORDS = {
    "self_reported": "自报数",
    "unlisted": "名单与自报之差",
    "filed": "本期名单行数",
    "returned": "退回",
    "elsewhere": "计入其他单位",
    "merged": "同人合并",
    "carried": "沿用前期报表",
    "counted": "完成数",
    "short": "距任务",
    "target": "任务数",
}
UNSTATED = "unstated"  # rows of units that reported no total: a detail of the step `unlisted`
# what became of a person of one indicator in another: in outcomes of breakdowns.csv
OUTCOME_WORDS = {
    "before": "此前已有", "none": "尚未", "same": "与所学一致", "other": "与所学不一致",
}  # fmt: skip
# what a prefecture's task can be divided by, in the order in which it is tried: its short word, what it is called
SPLIT_WORDS = {"摸底": "摸底调查数", "登记": "残疾人登记数", "上年": "上年完成数"}
