"""Traditional characters of the words that forms, offices and places are named by, as simplified ones.

Only characters that stand for one simplified character wherever they are written: 乾 (乾安, 干) is not here.
"""

from __future__ import annotations

_PAIRS = (
    "縣县區区長长農农樹树德德雙双陽阳臺台綠绿關关寬宽龍龙豐丰滿满樺桦蘭兰遼辽東东鐵铁雲云撫抚臨临鎮镇賚赉琿珲圖图們们"
    "渾浑靖靖餘余爾尔羅罗漢汉嶺岭來来興兴榮荣壽寿華华寧宁慶庆廣广鄉乡鄭郑齊齐爐炉馬马門门間间開开單单報报殘残聯联疾疾"
    "訓训業业婦妇員员冊册號号證证書书電电話话類类別别級级導导實实際际習习項项時时總总計计負负責责審审蓋盖戶户籍籍現现"
    "設设檔档貧贫學学歷历專专課课結结續续費费補补資资質质機机構构團团協协會会廠厂職职務务場场種种畢毕編编織织繡绣"
    "紙纸製制術术藝艺數数額额應应當当無无沒没體体議议個个點点處处與与這这為为從从後后將将對对於于過过還还進进運运達达"
    "選选適适邊边醫医養养護护緊紧聯联繫系絡络終终經经統统維维網网線线練练給给絲丝約约紅红納纳純纯紋纹級级紀纪標标樣样"
    "條条檢检殺杀氣气決决減减測测滬沪滅灭準准漿浆潔洁濟济災灾爭争獎奖產产異异監监盡尽礎础禮礼稱称穩稳積积競竞筆笔節节"
    "範范簡简簽签簿簿糧粮紐纽細细組组絕绝綜综網网緩缓練练繳缴羅罗義义聖圣聞闻聽听聲声舉举舊旧莊庄葉叶藥药蘇苏號号蟲虫"
    "衛卫補补裝装複复見见規规視视親亲覺觉觀观計计訂订記记訪访許许訴诉診诊評评詞词試试詢询該该詳详認认語语誤误說说調调"
    "談谈請请論论諾诺謝谢識识譯译讀读變变讓让貝贝財财貨货販贩貫贯買买貸贷貿贸賀贺賃赁賓宾賞赏賢贤賣卖賬账購购贈赠贊赞"
    "車车軍军軟软較较載载輔辅輕轻輛辆輝辉輪轮輯辑輸输轉转辦办辭辞遲迟遺遗郵邮釋释針针釘钉釣钓鈔钞鈴铃銀银銅铜銷销鋼钢"
    "錄录錢钱錯错鍵键鎖锁鏡镜鐘钟閉闭閱阅闆板隊队階阶際际隨随險险難难離离雞鸡電电靈灵頁页頂顶順顺須须預预頓顿領领頭头"
    "頻频題题額额顏颜願愿顧顾顯显風风飛飞飯饭飲饮館馆駐驻駕驾驗验驚惊骨骨魚鱼鮮鲜鳳凤鴻鸿鵬鹏麗丽麥麦黃黄齡龄"
)
_CHARACTERS = {
    ord(traditional): simplified
    for traditional, simplified in zip(_PAIRS[::2], _PAIRS[1::2], strict=True)
    if traditional != simplified
}


def simplified(text: str) -> str:
    """The text with the simplified characters of the words in it.

    >>> simplified("填報單位：龍井市殘聯"), simplified("乾安縣")
    ('填报单位：龙井市残联', '乾安县')
    """
    return text.translate(_CHARACTERS)
